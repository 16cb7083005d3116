/* Typed minutes survive an expired session: kept in the tab topic by topic, each with its version, until it is saved.

   The store is that of drafts.js, which removes another user's texts. A whole form is offered again there; here a
   topic's text comes back by itself and is saved at once, since every topic is a save of its own. */
(function () {
  "use strict";

  var drafts = window.jobfirstDrafts;
  var form = document.querySelector("form[data-minutes]");
  var closed = document.querySelector("[data-minutes-closed]");
  if (!drafts) { return; }

  /* The closed page: a kept text that stands on it is saved; any other is shown, until it is to be forgotten. */
  function isOnPage(text) {
    return Array.prototype.some.call(document.querySelectorAll("#main-content .jf-note"), function (note) {
      return note.textContent.trim() === text;
    });
  }
  function showUnsaved(key, text) {
    var note = document.createElement("p");
    note.className = "jf-note";
    note.textContent = text;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = document.body.dataset.draftForget;
    button.addEventListener("click", function () { drafts.remove(key); note.remove(); button.remove(); });
    closed.append(note, button);
    closed.hidden = false;
  }
  if (closed) {
    drafts.started.then(function () {
      drafts.keysOfPartsOf(location.pathname).forEach(function (key) {
        var text = drafts.read(key).text.trim();
        if (text === "" || isOnPage(text)) { drafts.remove(key); } else { showUnsaved(key, text); }
      });
    });
  }
  if (!form) { return; }

  function keyOf(topic) { return drafts.keyOf(form) + " " + topic; }
  function versionOf(area) { return form.querySelector("[name='version-" + area.dataset.topic + "']"); }
  function stateOf(area) { return document.getElementById("state-" + area.dataset.topic); }

  function restore(area) {
    var key = keyOf(area.dataset.topic);
    var draft = drafts.read(key);
    if (draft && draft.text.trim() === area.value.trim()) {
      drafts.remove(key);
    } else if (draft && area.closest(".form-error") === null) {
      area.value = draft.text;
      versionOf(area).value = draft.version;
      window.setTimeout(function () { area.dispatchEvent(new Event("change", { bubbles: true })); }, 0);
    }
  }
  form.querySelectorAll("textarea[data-topic]").forEach(function (area) {
    area.addEventListener("input", function () {
      drafts.write(keyOf(area.dataset.topic), { text: area.value, version: versionOf(area).value });
    });
    drafts.started.then(function () { restore(area); });
  });

  /* Where somebody else has written, the next save is a person's decision. */
  form.addEventListener("htmx:beforeRequest", function (event) {
    if (stateOf(event.detail.elt).querySelector(".jf-theirs")) { event.preventDefault(); }
  });

  form.addEventListener("htmx:afterRequest", function (event) {
    var area = event.detail.requestConfig.elt;
    var topic = event.detail.xhr.getResponseHeader("JobFirst-Saved");
    if (topic) {
      var draft = drafts.read(keyOf(topic));
      var sent = event.detail.requestConfig.parameters["minute-" + topic];
      if (draft && draft.text === sent) { drafts.remove(keyOf(topic)); }
    } else if (!event.detail.successful) {
      /* A message beside the field; the version stays in the form. */
      var version = versionOf(area);
      stateOf(area).textContent = form.dataset.notSaved;
      if (version) { stateOf(area).prepend(version); }
    }
  });
})();
