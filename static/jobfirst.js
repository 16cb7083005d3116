/* What the pages need of script of their own. Everything works without it. */
(function () {
  "use strict";

  /* A form is sent once: a second tap while the first is on its way does nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "get" || event.defaultPrevented) { return; }
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    window.setTimeout(function () {
      form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = true; });
    }, 0);
  });

  /* Who signs out leaves no typed text behind in the window (drafts.js, minutes.js). What is being saved is saved
     first: its answer would find nobody signed in. Two seconds at most. */
  function forgetTexts() {
    if (window.jobfirstDrafts) { window.jobfirstDrafts.forgetAll(); }
    sessionStorage.clear();
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!("signOut" in form.dataset)) { return; }
    forgetTexts();
    if (!document.querySelector(".htmx-request")) { return; }
    event.preventDefault();
    var latest = window.setTimeout(signOut, 2000);
    function signOut() {
      window.clearTimeout(latest);
      forgetTexts();
      form.submit();
    }
    document.addEventListener("htmx:afterRequest", signOut, { once: true });
  });

  /* htmx stores the page's address, in which a searched name may stand. It does without: no page is kept by it. */
  function forgetAddress() { sessionStorage.removeItem("htmx-current-path-for-history"); }
  forgetAddress();
  ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"].forEach(function (name) {
    document.addEventListener(name, forgetAddress);
  });

  /* Back to a page kept by the browser: the form can be sent again. */
  function release() {
    document.querySelectorAll("form[data-sending]").forEach(function (form) {
      delete form.dataset.sending;
      form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = false; });
    });
  }
  window.addEventListener("pageshow", release);

  /* What stands under "More" in the menu closes again by a click elsewhere, or by Escape. */
  function closeMore(event) {
    document.querySelectorAll(".jf-nav details[open]").forEach(function (details) {
      if (event.type === "click" && details.contains(event.target)) { return; }
      if (event.type === "keydown" && details.contains(document.activeElement)) { details.querySelector("summary").focus(); }
      details.open = false;
    });
  }
  document.addEventListener("click", closeMore);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { closeMore(event); } });

  /* A signature drawn with a finger: its lines become an SVG path in the hidden field beside the canvas. */
  function signaturePad(box) {
    if (box.dataset.ready) { return; }
    box.dataset.ready = "1";
    box.hidden = false;
    var canvas = box.querySelector("canvas"), pen = canvas.getContext("2d");
    var field = box.parentElement.querySelector("input[type=hidden]"), last = null;
    function point(event) {
      var edge = canvas.getBoundingClientRect();
      var x = Math.round((event.clientX - edge.left) * canvas.width / edge.width);
      var y = Math.round((event.clientY - edge.top) * canvas.height / edge.height);
      return [Math.max(0, Math.min(canvas.width, x)), Math.max(0, Math.min(canvas.height, y))];
    }
    function clear() { field.value = ""; pen.clearRect(0, 0, canvas.width, canvas.height); }
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    clear();
    canvas.addEventListener("pointerdown", function (event) {
      canvas.setPointerCapture(event.pointerId);
      last = point(event);
      field.value += "M" + last.join(" ");
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", function (event) {
      if (!last) { return; }
      var next = point(event);
      if (next[0] === last[0] && next[1] === last[1]) { return; }
      pen.beginPath(); pen.moveTo(last[0], last[1]); pen.lineTo(next[0], next[1]); pen.stroke();
      field.value += "L" + next.join(" ");
      last = next;
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      canvas.addEventListener(name, function () { last = null; });
    });
    box.querySelector("[data-clear]").addEventListener("click", clear);
  }

  function ready(root) {
    root.querySelectorAll("[data-sign-pad]").forEach(signaturePad);
    if (window.DKFDS) { window.DKFDS.init({ scope: root }); }
    var summary = root.querySelector("[data-error-summary]");
    if (summary) { summary.focus(); }
    /* Long parts of a page stand open, but are folded on a phone. */
    if (window.matchMedia("(max-width: 767px)").matches) {
      root.querySelectorAll("details[data-fold-on-phone]").forEach(function (details) {
        if (!details.dataset.ready) { details.dataset.ready = "1"; details.open = false; }
      });
    }
    /* On a narrow screen the timeline opens where today is. */
    root.querySelectorAll(".jf-timeline").forEach(function (box) {
      var today = box.querySelector("line.today");
      if (today) {
        box.scrollLeft += today.getBoundingClientRect().left - box.getBoundingClientRect().left - box.clientWidth / 2;
      }
    });
    root.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
  }

  /* A link to a place inside a closed "details" opens it. */
  function reveal() {
    if (location.hash.length < 2) { return; }
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target && target.closest("details")) { target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);

  /* A part of the page that gets no answer, or a refusal, says so where it was asked for: no tap is lost unseen.
     A form that says it beside its fields (data-not-saved) does so itself. */
  var unanswered;
  function sayUnanswered(event) {
    var asked = event.detail.elt, words = document.getElementById("not-answered");
    if (!words || asked.closest("[data-not-saved]")) { return; }
    forgetUnanswered();
    unanswered = words.content.firstElementChild.cloneNode(true);
    var form = asked.closest("form");
    if (form) { form.parentNode.insertBefore(unanswered, form); } else { document.getElementById("messages").append(unanswered); }
    unanswered.scrollIntoView({ block: "nearest" });
  }
  function forgetUnanswered() { if (unanswered) { unanswered.remove(); unanswered = null; } }

  function start() {
    ready(document.body);
    ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
      document.body.addEventListener(name, sayUnanswered);
    });
    document.body.addEventListener("htmx:beforeRequest", forgetUnanswered);
    reveal();
    document.body.addEventListener("htmx:load", function (event) {
      if (event.detail.elt !== document.body) { ready(event.detail.elt.parentElement || document.body); }
    });
    document.body.addEventListener("htmx:afterRequest", release);
    /* A stale save (409) is shown in place, with both versions; so is what was too often (429). */
    document.body.addEventListener("htmx:beforeSwap", function (event) {
      if ([409, 429].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
    });
  }
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
