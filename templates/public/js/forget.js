try {
  var all = location.pathname === "/selesai/";
  Object.keys(localStorage).forEach(function (key) {
    if (key.indexOf("bansos/") === 0 && (all || !(JSON.parse(localStorage.getItem(key)).at > Date.now() - 864e5))) localStorage.removeItem(key);
  });
} catch (none) { /* a phone without storage kept nothing */ }
