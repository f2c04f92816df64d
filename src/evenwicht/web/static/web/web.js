// Everything works without this file. With it files can be dropped, a folder can be chosen, and sending shows how far it is.
(() => {
  "use strict";
  document.documentElement.classList.add("has-script");

  const form = document.getElementById("bring");
  if (!form) return;
  const zone = document.getElementById("drop"), told = document.getElementById("told");
  const chosen = document.getElementById("chosen"), bar = document.getElementById("sending");
  const send = form.querySelector("button[type=submit]");
  let files = [];

  const size = (bytes) => {
    for (const [unit, step] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
      if (bytes >= step) return (bytes / step).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + "\u00a0" + unit;
    }
    return bytes + "\u00a0B";
  };
  const say = (text) => {
    told.textContent = "";
    if (!text) return;
    const p = document.createElement("p");
    p.className = "note";
    p.textContent = text;
    told.append(p);
  };
  const take = (found) => {
    files = found;
    const bytes = files.reduce((sum, one) => sum + one.file.size, 0);
    chosen.textContent = files.length ? form.dataset.chosen.replace("%n", files.length).replace("%s", size(bytes)) : "";
    const large = bytes > Number(form.dataset.most);
    say(large ? form.dataset.large.replace("%s", size(bytes)) : "");
    send.disabled = large;
  };
  const fromInput = (input) => Array.from(input.files, (file) => ({ file, name: file.webkitRelativePath || file.name }));
  for (const id of ["files", "folder"]) {
    const input = document.getElementById(id);
    input.addEventListener("change", () => take(fromInput(input)));
  }

  // dropped folders are walked through
  const walk = async (entry, path, found) => {
    if (entry.isFile) {
      found.push({ file: await new Promise((done, failed) => entry.file(done, failed)), name: path + entry.name });
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) break;
        for (const one of some) await walk(one, path + entry.name + "/", found);
      }
    }
  };
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = Array.from(event.dataTransfer.items || [], (item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    if (entries.length) for (const entry of entries) await walk(entry, "", found);
    else for (const file of event.dataTransfer.files) found.push({ file, name: file.name });
    take(found);
  });

  form.addEventListener("submit", (event) => {
    if (!files.length) return;
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "ticket"]) data.append(name, form.elements[name].value);
    for (const one of files) { data.append("names", one.name); data.append("files", one.file, one.file.name); }
    const request = new XMLHttpRequest();
    bar.hidden = false;
    request.upload.addEventListener("progress", (now) => { if (now.lengthComputable) bar.value = 100 * now.loaded / now.total; });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) { window.location.assign(request.responseURL); return; }
      bar.hidden = true;
      send.disabled = false;
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const note = page.querySelector(".note") || page.querySelector("main .lead");
      say(note ? note.textContent : form.dataset.broken);
    });
    request.addEventListener("error", () => { bar.hidden = true; send.disabled = false; say(form.dataset.broken); });
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.send(data);
  });
})();
