/* Says so when the browser got no answer from a security key: allauth's script writes it on the console alone. */
(function () {
  "use strict";

  var box = document.querySelector("[data-key-failed]");
  if (!box) { return; }
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("button")) { box.hidden = true; }
  });
}());
