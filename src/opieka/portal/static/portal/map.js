/* The map above a list of pickup points. Nothing of it is fetched before it is opened: the server of the tiles learns of
   her only then. Who touches a point has chosen it in the list, which stays the way for everybody. */

const box = document.querySelector(".map");
box.hidden = false;
box.addEventListener("toggle", draw, { once: true });

async function draw() {
  await Promise.all([import(box.dataset.script), style(box.dataset.style)]);
  const { map: makeMap, tileLayer, divIcon, marker, latLngBounds } = globalThis.L;
  const points = JSON.parse(box.dataset.points);
  const map = makeMap(box.querySelector("div"), { zoomControl: false, scrollWheelZoom: false });
  globalThis.L.control.zoom({ zoomInTitle: box.dataset.nearer, zoomOutTitle: box.dataset.farther }).addTo(map);
  map.attributionControl.setPrefix(false);
  tileLayer(box.dataset.tiles, { maxZoom: 19, attribution: escaped(box.dataset.credit), referrerPolicy: "origin" }).addTo(map);
  const pins = points.map((point) => pin(point).addTo(map));
  map.fitBounds(latLngBounds(points.map((point) => [point.latitude, point.longitude])).pad(0.2), { maxZoom: 15 });
  document.addEventListener("change", show);
  show();

  function pin(point) {
    const icon = divIcon({ className: "pin", iconSize: [32, 32] });
    const made = marker([point.latitude, point.longitude], { icon, title: point.name, alt: point.name });
    return made.on("click keypress", () => choose(point));
  }

  function choose(point) {
    const radio = radioOf(point);
    radio.checked = true;
    radio.closest("label").scrollIntoView({ block: "nearest" });
    show();
  }

  function show() {
    points.forEach((point, at) => pins[at].getElement().classList.toggle("chosen", radioOf(point).checked));
  }
}

function radioOf(point) {
  return document.querySelector(`input[name="pick"][value="${point.id}"]`);
}

function style(address) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  document.head.append(link);
  return new Promise((done) => { link.onload = link.onerror = done; });
}

function escaped(text) {
  return Object.assign(document.createElement("span"), { textContent: text }).innerHTML;
}
