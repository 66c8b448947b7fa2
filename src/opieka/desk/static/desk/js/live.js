/**
 * The live feed. An element that shows something live says what: data-live="conversation:17 customer:5"; its own
 * hx-get with hx-trigger="live" fetches it again. The browser resumes a broken stream by Last-Event-ID itself;
 * the first connection starts at the cursor the page was rendered at, so nothing between the two is missed.
 */
import { toast } from "./toasts.js";

/** Several touchpoints of one act arrive together; they are answered once. */
const GATHER = 150;

/** @type {Set<string>} */
const pending = new Set();
let timer = 0;
let broken = false;

/** @param {Element} element is somebody writing or choosing inside it, or reading far down in it? */
function isBusy(element) {
  const rows = element.querySelector("#rows");
  if (rows && rows.scrollTop > rows.clientHeight) return true;
  if (element.matches("#items")) return Boolean(element.querySelector(".menu[open]"));
  return element.matches("#list, #thread-head") && Boolean(element.querySelector("input:focus, details[open]"));
}

function refresh() {
  timer = 0;
  const subjects = new Set(pending);
  pending.clear();
  for (const element of document.querySelectorAll("[data-live]")) {
    const wanted = (element.getAttribute("data-live") ?? "").split(" ");
    if (!wanted.some((subject) => subjects.has(subject))) continue;
    if (isBusy(element)) later(wanted);
    else window.htmx.trigger(element, "live");
  }
}

/** @param {string[]} subjects */
function later(subjects) {
  for (const subject of subjects) pending.add(subject);
  timer ||= setTimeout(refresh, subjects.includes("conversations") || subjects.includes("parcels") ? GATHER * 2 : GATHER);
}

/** @param {MessageEvent<string>} event */
function happened(event) {
  /** @type {{ subject: string, customer: number | null }} */
  const { subject, customer } = JSON.parse(event.data);
  const subjects = [subject];
  if (subject.startsWith("conversation:")) subjects.push("conversations");
  if (subject.startsWith("parcel:")) subjects.push("parcels");
  if (subject.startsWith("plan:")) subjects.push("plans");
  if (customer) subjects.push(`customer:${customer}`);
  later(subjects);
}

/** @param {string} address */
function listen(address) {
  const stream = new EventSource(address);
  stream.addEventListener("touchpoint", happened);
  // Too far behind to be told everything.
  stream.addEventListener("reload", () => location.reload());
  stream.addEventListener("open", () => {
    if (broken) toast({ text: document.body.dataset.sayOnline ?? "" });
    broken = false;
  });
  stream.addEventListener("error", () => {
    if (!broken && stream.readyState === EventSource.CONNECTING && !navigator.onLine) {
      broken = true;
      toast({ text: document.body.dataset.sayOffline ?? "" });
    }
  });
  // A page kept for "back" must not hold one of the browser's few connections.
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

// What its reader changes in it comes first (hx-sync): the answer on its way would take that back.
document.addEventListener("htmx:sendAbort", (event) => {
  const given = event.target instanceof Element && event.target.getAttribute("data-live");
  if (given) later(given.split(" "));
});

const address = document.body.dataset.liveUrl;
if (address) listen(address);
