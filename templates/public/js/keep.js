(function () {
  var form = document.querySelector("form[data-keep]"), told = document.getElementById("kembali");
  if (!form || !told) return;
  var store = "bansos/" + form.getAttribute("data-keep") + location.pathname, day = 864e5;
  function quietly(work) { try { work(window.localStorage); } catch (none) { /* no storage, or a full one: the page itself still holds it */ } }
  var fields = [].filter.call(form.elements, function (field) {
    return field.name && /^(text|textarea|checkbox|radio|select-one)$/.test(field.type);
  });
  function isEmpty(field) { return /checkbox|radio/.test(field.type) ? !field.checked : !field.value; }
  function forget() { quietly(function (held) { held.removeItem(store); }); }
  function keep() {
    var values = fields.filter(function (field) { return !isEmpty(field); }).map(function (field) { return [field.name, field.value]; });
    quietly(function (held) { held.setItem(store, JSON.stringify({ at: Date.now(), values: values })); });
  }
  function isOf(field, value) { return field.name === value[0] && (!/checkbox|radio/.test(field.type) || field.value === value[1]); }
  function put(value) {
    fields.filter(function (field) { return isOf(field, value); }).forEach(function (field) {
      if (/checkbox|radio/.test(field.type)) field.checked = true;
      else field.value = value[1];
    });
  }
  quietly(function (held) {
    Object.keys(held).filter(function (key) { return key.indexOf("bansos/") === 0; }).forEach(function (key) {
      var is_own = key.indexOf("bansos/" + form.getAttribute("data-keep") + "/") === 0;
      if (!is_own || !(JSON.parse(held.getItem(key)).at > Date.now() - day)) held.removeItem(key);
    });
    var draft = JSON.parse(held.getItem(store) || "null");
    if (!draft || !draft.values.length || !fields.every(isEmpty)) return;
    draft.values.forEach(put);
    told.hidden = false;
  });
  form.addEventListener("input", keep);
  form.addEventListener("sent", forget);
  told.querySelector("button").addEventListener("click", function () {
    forget();
    form.reset();
    told.hidden = true;
    fields[0].focus();
  });
})();
