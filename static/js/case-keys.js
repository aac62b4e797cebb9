// Keys for staff who work without a mouse. Listed with "?", switched off for good on this device from that list.
(function () {
  "use strict";
  var KEPT = "bansos-keys";
  var box = document.getElementById("keys");
  if (!box) return;
  function isOff() { try { return localStorage.getItem(KEPT) === "off"; } catch (e) { return false; } }
  function keep(off) { try { localStorage.setItem(KEPT, off ? "off" : "on"); } catch (e) { /* this page only */ } }
  var off = isOff();
  var toggle = box.querySelector("input");
  toggle.checked = !off;
  toggle.addEventListener("change", function () { off = !toggle.checked; keep(off); });
  box.hidden = false;
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("#result_list .field-receipt_no a")); }
  function move(by) {
    var all = rows(), at = all.indexOf(document.activeElement);
    if (all.length) all[Math.max(0, Math.min(all.length - 1, at + by))].focus();
  }
  function go(id) {
    var part = document.getElementById(id);
    if (!part) return;
    part.scrollIntoView();
    part.focus({ preventScroll: true });
  }
  function step(number) {
    var found = document.querySelectorAll("details.decide")[number - 1];
    if (!found) return;
    found.open = true;
    found.scrollIntoView();
    var first = found.querySelector("input:not([type=hidden]), textarea, button");
    if (first) first.focus();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "?") { box.open = !box.open; box.scrollIntoView(); box.querySelector("summary").focus(); return; }
    if (off) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "w") go("says");
    else if (event.key === "d") go("data");
    else if (event.key === "l") go("seen");
    else if (event.key === "r") go("history");
    else if (/^[1-9]$/.test(event.key)) step(Number(event.key));
    else return;
    event.preventDefault();
  });
})();
