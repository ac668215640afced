// Keeps the playground on this computer. It has no option for where it listens, and would take
// whatever comes from the network for what was typed on its page.
const { Server } = require("node:net");

const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...others) {
  const anywhere = typeof port === "number" && typeof others[0] !== "string";
  return listen.call(this, port, ...(anywhere ? ["127.0.0.1"] : []), ...others);
};
