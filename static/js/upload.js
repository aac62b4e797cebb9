"use strict";
// Shows how much of a large file has been sent. Without this script the form is sent by the browser itself.
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", (event) => {
    const shown = document.getElementById(form.dataset.progress);
    const [bar, words] = [shown.querySelector("progress"), shown.querySelector("span")];
    const request = new XMLHttpRequest();
    event.preventDefault();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (sent) => {
      bar.value = Math.floor((100 * sent.loaded) / sent.total);
      words.textContent = bar.value + words.dataset.words;
    });
    request.addEventListener("load", () => {
      if (request.responseURL !== form.action) {
        location.assign(request.responseURL);
        return;
      }
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => HTMLFormElement.prototype.submit.call(form));
    request.send(new FormData(form));
    form.querySelector("button").disabled = true;
    shown.hidden = false;
  });
}
