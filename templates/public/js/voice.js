(function () {
  var input = document.querySelector("input[type=file]"), button = document.getElementById("rekam"), told = document.getElementById("lama");
  var devices = navigator.mediaDevices;
  if (!input || !button || !told || !window.MediaRecorder || !devices || !window.DataTransfer) return;
  var type = ["audio/webm;codecs=opus", "audio/mp4"].filter(function (kind) { return MediaRecorder.isTypeSupported(kind); })[0];
  if (!type) return;
  var recorder = null, started = 0, ticking = 0, most = 60;
  button.hidden = false;
  function stop() { if (recorder && recorder.state !== "inactive") recorder.stop(); }
  function tick() {
    var seconds = Math.round((Date.now() - started) / 1000);
    told.textContent = told.getAttribute("data-running").replace("%s", seconds);
    if (seconds >= most) stop();
  }
  function finish(stream, pieces) {
    clearInterval(ticking);
    stream.getTracks().forEach(function (track) { track.stop(); });
    var carrier = new DataTransfer(), seconds = Math.round((Date.now() - started) / 1000), kind = type.split(";")[0];
    carrier.items.add(new File(pieces, "suara", { type: kind }));
    input.files = carrier.files;
    recorder = null;
    input.form.removeAttribute("data-busy");
    button.textContent = button.getAttribute("data-again");
    told.textContent = told.getAttribute("data-done").replace("%s", seconds);
  }
  button.addEventListener("click", function () {
    if (recorder) return stop();
    devices.getUserMedia({ audio: true }).then(function (stream) {
      var pieces = [];
      recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24000 });
      recorder.ondataavailable = function (event) { if (event.data.size) pieces.push(event.data); };
      recorder.onstop = function () { finish(stream, pieces); };
      input.form.setAttribute("data-busy", "");
      started = Date.now();
      recorder.start();
      ticking = setInterval(tick, 500);
      button.textContent = button.getAttribute("data-stop");
      told.hidden = false;
      tick();
    }).catch(function () { told.hidden = false; told.textContent = told.getAttribute("data-none"); });
  });
})();
