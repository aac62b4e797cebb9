(function () {
  var form = document.querySelector("form[data-send]"), note = document.getElementById("sinyal");
  if (!form || !note || !window.fetch || !window.FormData) return;
  var waiting = null, timer = 0, busy = false, target = form.action || location.href, here = place();
  function place() { return location.pathname + location.search; }
  function tell(what) {
    note.textContent = note.getAttribute("data-" + what);
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
  }
  function show(address, page) {
    if (address !== here) history.pushState(null, "", address);
    document.open();
    document.write(page);
    document.close();
    var start = document.querySelector("[autofocus]") || document.querySelector("h1");
    start.tabIndex = -1;
    start.focus();
    scrollTo(0, 0);
  }
  function goOn(taken, address, page) {
    if (place() !== here) return;
    if (taken) form.dispatchEvent(new Event("sent"));
    if (!page) return location.assign(address);
    try { show(address, page); } catch (none) { location.assign(address); }
  }
  function send() {
    if (!waiting || busy || place() !== here) return;
    busy = true;
    clearTimeout(timer);
    form.setAttribute("aria-busy", "true");
    var slow = setTimeout(function () { tell("sending"); }, 1500), trouble = "lost";
    fetch(target, { method: "POST", body: waiting, headers: { "X-Next-Page": note.getAttribute("data-policy") }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.status >= 500) { trouble = "ours"; throw new Error(); }
        var address = answer.headers.get("Content-Location");
        if (!address) return [answer.ok, answer.url];
        return answer.text().then(function (page) { return [answer.ok, address, page]; }, function () { return [answer.ok, address]; });
      })
      .then(function (next) {
        clearTimeout(slow);
        goOn(next[0], next[1], next[2]);
      })
      .catch(function () {
        busy = false;
        clearTimeout(slow);
        form.removeAttribute("aria-busy");
        tell(trouble);
        timer = setTimeout(send, 15e3);
      });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (form.hasAttribute("data-busy")) return form.setAttribute("data-pressed", "");
    if (busy) return;
    waiting = new FormData(form);
    var pressed = event.submitter;
    if (pressed && pressed.name) waiting.append(pressed.name, pressed.value);
    send();
  });
  function listen() {
    if (!waiting) navigator.onLine ? note.hidden = true : tell("offline");
    else if (navigator.onLine) send();
  }
  window.addEventListener("online", listen);
  window.addEventListener("offline", listen);
  if (!navigator.onLine) listen();
  window.addEventListener("pageshow", function (shown) { if (shown.persisted) { busy = false; waiting = null; form.removeAttribute("aria-busy"); listen(); } });
})();
