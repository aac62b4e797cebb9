"use strict";
// Asks the phone where it is, when the visitor presses the button. Without this script the place is typed or left empty.
const box = document.getElementById("locate");
if (navigator.geolocation) {
  const said = box.querySelector("span");
  const found = ({ coords }) => {
    document.getElementById("id_place").value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
    said.textContent = said.dataset.near.replace("%s", Math.round(coords.accuracy));
  };
  const lost = () => { said.textContent = said.dataset.no; };
  box.querySelector("button").addEventListener("click", () => {
    said.textContent = said.dataset.wait;
    navigator.geolocation.getCurrentPosition(found, lost, { enableHighAccuracy: true, timeout: 30000 });
  });
  box.hidden = false;
}
