(function () {
  var form = document.querySelector("form[data-send]");
  var note = document.getElementById("sinyal");
  if (!form || !note || !window.fetch || !window.FormData) return;
  var store = "bansos" + location.pathname, week = 6048e5, waiting = null, timer = 0, busy = false;
  function fields() {
    return form.hasAttribute("data-keep") ? [].slice.call(form.querySelectorAll("textarea,input[type=text],input[type=tel]")) : [];
  }
  function keep() {
    var held = { at: Date.now() };
    fields().forEach(function (field) { held[field.name] = field.value; });
    try { localStorage.setItem(store, JSON.stringify(held)); } catch (full) { /* the page itself still holds it */ }
  }
  try {
    var held = JSON.parse(localStorage.getItem(store) || "{}");
    if (held.at > Date.now() - week) fields().forEach(function (field) { if (!field.value && held[field.name]) field.value = held[field.name]; });
    else localStorage.removeItem(store);
  } catch (none) { /* a phone without storage */ }
  if (fields().length) form.addEventListener("input", keep);
  function tell(what) {
    note.textContent = note.getAttribute("data-" + what);
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
  }
  function send() {
    if (!waiting || busy) return;
    busy = true;
    clearTimeout(timer);
    form.setAttribute("aria-busy", "true");
    var slow = setTimeout(function () { tell("sending"); }, 1500);
    fetch(form.action || location.href, { method: "POST", body: waiting, headers: { "X-Send": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.status >= 500) throw new Error();
        clearTimeout(slow);
        try { localStorage.removeItem(store); } catch (none) { /* nothing was kept */ }
        location.assign(answer.headers.get("X-Next") || answer.url);
      })
      .catch(function () {
        busy = false;
        clearTimeout(slow);
        form.removeAttribute("aria-busy");
        tell("lost");
        timer = setTimeout(send, 15e3);
      });
  }
  form.addEventListener("submit", function (event) {
    if (form.hasAttribute("data-busy")) return event.preventDefault();
    event.preventDefault();
    waiting = new FormData(form);
    var pressed = event.submitter;
    if (pressed && pressed.name) waiting.append(pressed.name, pressed.value);
    send();
  });
  window.addEventListener("online", send);
  window.addEventListener("pageshow", function (shown) { if (shown.persisted) { busy = false; waiting = null; note.hidden = true; form.removeAttribute("aria-busy"); } });
})();
