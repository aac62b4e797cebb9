(function () {
  var input = document.querySelector("input[type=file][multiple]"), told = document.getElementById("ukuran");
  if (!input || !told || !window.createImageBitmap || !window.DataTransfer) return;
  var form = input.form, limit = 200e3;
  function draw(bitmap, side, quality) {
    var scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height)), canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); });
  }
  function reduce(file) {
    if (file.size <= limit) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (bitmap) {
      function attempt(tries) {
        var step = tries[0];
        return draw(bitmap, step[0], step[1]).then(function (blob) {
          return blob && (blob.size <= limit || tries.length === 1) ? new File([blob], "foto.jpg", { type: "image/jpeg" }) : attempt(tries.slice(1));
        });
      }
      return attempt([[1280, 0.7], [1280, 0.5], [960, 0.5], [720, 0.45]]);
    }).catch(function () { return file; });
  }
  input.addEventListener("change", function () {
    var chosen = [].slice.call(input.files);
    if (!chosen.length) { told.hidden = true; return; }
    form.setAttribute("data-busy", "");
    Promise.all(chosen.map(reduce)).then(function (files) {
      var carrier = new DataTransfer(), bytes = 0;
      files.forEach(function (file) { carrier.items.add(file); bytes += file.size; });
      input.files = carrier.files;
      told.textContent = told.getAttribute("data-words").replace("%n", files.length).replace("%k", Math.max(1, Math.round(bytes / 1000)));
      told.hidden = false;
    }).catch(function () { /* the photos go as they are */ }).then(function () {
      var pressed = form.hasAttribute("data-pressed");
      form.removeAttribute("data-busy");
      form.removeAttribute("data-pressed");
      if (pressed) form.requestSubmit();
    });
  });
})();
