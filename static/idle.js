/* Says before a session ends for want of use, and counts typing as use: nobody loses a half-written note.

   Without this file the session ends by the server's own clock, as it does with it. */
(function () {
  "use strict";

  var box = document.getElementById("idle-notice");
  if (!box) { return; }
  var button = box.querySelector("button"), idle = Number(box.dataset.seconds) * 1000;
  var lastRequest = Date.now(), hasTyped = false;
  var warning = Math.min(2 * 60 * 1000, idle / 3), pause = Math.min(5 * 60 * 1000, idle / 3);

  function stay() {
    lastRequest = Date.now();
    hasTyped = false;
    fetch(button.dataset.url, { redirect: "manual" }).then(function (answer) {
      if (answer.status === 204) { box.hidden = true; }
    }).catch(function () { /* no network: the next try says so again */ });
  }
  button.addEventListener("click", stay);
  document.addEventListener("input", function () { hasTyped = true; });
  document.addEventListener("htmx:afterRequest", function () { lastRequest = Date.now(); });
  window.setInterval(function () {
    var since = Date.now() - lastRequest;
    if (hasTyped && since > pause) { stay(); }
    box.hidden = since < idle - warning;
  }, Math.min(10 * 1000, idle / 10));
}());
