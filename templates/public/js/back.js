(function () {
  function place() { return location.pathname + location.search; }
  var here = place();
  window.addEventListener("popstate", function () {
    if (place() === here) return;
    document.body.inert = true;
    location.reload();
  });
})();
