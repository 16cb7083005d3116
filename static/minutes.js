/* Typed minutes survive an expired session: kept in this window, per person and meeting, until they are saved. */
(function () {
  "use strict";

  var PREFIX = "jobfirst-draft:";

  /* The closed page: a kept text that stands on it is saved; any other is shown, until it is to be forgotten. */
  function isOnPage(text) {
    return Array.prototype.some.call(document.querySelectorAll("#main-content .jf-note"), function (note) {
      return note.textContent.trim() === text;
    });
  }
  function showUnsaved(box, key, text) {
    var note = document.createElement("p");
    note.className = "jf-note";
    note.textContent = text;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = document.body.dataset.draftForget;
    button.addEventListener("click", function () { sessionStorage.removeItem(key); note.remove(); button.remove(); });
    box.append(note, button);
    box.hidden = false;
  }
  var done = document.querySelector("[data-drafts-done]");
  if (done) {
    Object.keys(sessionStorage).forEach(function (key) {
      if (!key.startsWith(PREFIX + done.dataset.draftsDone + ":")) { return; }
      var text = JSON.parse(sessionStorage.getItem(key)).text.trim();
      if (text === "" || isOnPage(text)) { sessionStorage.removeItem(key); } else { showUnsaved(done, key, text); }
    });
  }
  var form = document.querySelector("form[data-drafts]");
  if (!form) { return; }
  var prefix = PREFIX + form.dataset.drafts + ":";

  function versionOf(area) { return form.querySelector("[name='version-" + area.dataset.draft + "']"); }
  function stateOf(area) { return document.getElementById("state-" + area.dataset.draft); }

  /* A message beside the field; the version stays in the form. */
  function tell(area, text) {
    var version = versionOf(area);
    var state = stateOf(area);
    state.textContent = text;
    if (version) { state.prepend(version); }
  }

  form.querySelectorAll("textarea[data-draft]").forEach(function (area) {
    var key = prefix + area.dataset.draft;
    var kept = sessionStorage.getItem(key);
    if (kept !== null) {
      kept = JSON.parse(kept);
      if (kept.text.trim() === area.value.trim()) {
        sessionStorage.removeItem(key);
      } else if (area.closest(".form-error") === null) {
        area.value = kept.text;
        versionOf(area).value = kept.version;
        window.setTimeout(function () { area.dispatchEvent(new Event("change", { bubbles: true })); }, 0);
      }
    }
    area.addEventListener("input", function () {
      sessionStorage.setItem(key, JSON.stringify({ text: area.value, version: versionOf(area).value }));
    });
  });

  /* Where somebody else has written, the next save is a person's decision. */
  form.addEventListener("htmx:beforeRequest", function (event) {
    if (stateOf(event.detail.elt).querySelector(".jf-theirs")) { event.preventDefault(); }
  });

  /* The sign-in page instead of an answer: say so, and keep the text. */
  form.addEventListener("htmx:beforeSwap", function (event) {
    var area = event.detail.requestConfig.elt;
    var asked = new URL(event.detail.requestConfig.path, location.href).pathname;
    var answered = event.detail.xhr.responseURL;
    if (answered && new URL(answered).pathname !== asked) {
      event.detail.shouldSwap = false;
      tell(area, form.dataset.signedOut);
    }
  });
  form.addEventListener("htmx:afterRequest", function (event) {
    var area = event.detail.requestConfig.elt;
    var saved = event.detail.xhr.getResponseHeader("JobFirst-Saved");
    if (saved) {
      var kept = sessionStorage.getItem(prefix + saved);
      var sent = event.detail.requestConfig.parameters["minute-" + saved];
      if (kept !== null && JSON.parse(kept).text === sent) { sessionStorage.removeItem(prefix + saved); }
    } else if (!event.detail.successful) {
      tell(area, form.dataset.notSaved);
    }
  });
})();
