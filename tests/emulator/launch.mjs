// Starts the Slack service of the npm package "emulate" with a small workspace, and prints one line
// of JSON when it is ready. It ends on SIGTERM, on SIGINT, and when its standard input closes.
//
//   node launch.mjs --signing-secret S [--port N] [--events URL] [--scopes a,b,c]
//
// The emulator answers, keeps and signs everything itself. Three things are added here because
// version 0.12.2 has no switch for them:
//
// 1. Where events go. The emulator keeps a list of webhooks but offers no setting and no method for
//    it, so `POST /launcher/events` (url=…) names the one address, and `GET /launcher/deliveries`
//    tells how each delivery was answered.
// 2. How arguments arrive. Slack takes them from the address as well as from the body, and reads
//    with GET; the emulator only looks into the body of a POST. Requests are rewritten, not answered.
// 3. What the bot may do. With --scopes the bot's token carries exactly those, and the emulator
//    refuses what they do not cover.

import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { createEmulator } from "emulate";

const { values: options } = parseArgs({
  options: {
    "signing-secret": { type: "string" },
    port: { type: "string", default: "0" },
    events: { type: "string", default: "" },
    scopes: { type: "string", default: "" },
  },
});
if (!options["signing-secret"]) {
  console.error("launch.mjs: --signing-secret is missing; events would go out unsigned");
  process.exit(2);
}

const PEOPLE = [
  { name: "sample-one", display_name: "Sample One", title: "Librarian, Sample High School" },
  { name: "sample-two", display_name: "Sample Two", title: "Librarian, Example Elementary" },
];
// The bot is invited to the first; people alone are in the second and the third.
const CHANNELS = [{ name: "ideas" }, { name: "uninvited" }, { name: "closed", is_private: true }];
const BOT = { name: "commonplace", app_id: "A0EMULATOR", bot_id: "B0EMULATOR", user_id: "U0EMULATOR" };
const BOT_TOKEN = "xoxb-emulator";
const tokenOf = (name) => `xoxp-emulator-${name}`;

const seed = {
  slack: {
    signing_secret: options["signing-secret"],
    strict_scopes: options.scopes !== "",
    team: { name: "Emulated", domain: "emulated" },
    users: PEOPLE.map(({ name, display_name, title }) => ({
      name,
      real_name: `${display_name} (a sample)`,
      profile: { display_name, title },
    })),
    channels: CHANNELS,
    oauth_apps: [
      {
        client_id: "0.0",
        client_secret: "unused",
        app_id: BOT.app_id,
        name: "Commonplace",
        redirect_uris: [],
        bot_id: BOT.bot_id,
        bot_user_id: BOT.user_id,
        bot_name: BOT.name,
      },
    ],
    tokens: [
      {
        token: BOT_TOKEN,
        type: "bot",
        user: BOT.name,
        app_id: BOT.app_id,
        bot_id: BOT.bot_id,
        bot_user_id: BOT.user_id,
        ...(options.scopes && { scopes: options.scopes }),
      },
      ...PEOPLE.map(({ name }) => ({ token: tokenOf(name), type: "user", user: name })),
    ],
  },
};

/** The same request as the emulator wants it: a POST with every argument in the body. */
async function asPost(request) {
  const url = new URL(request.url);
  if (!url.pathname.startsWith("/api/")) return request;
  if (request.method === "POST" && !url.search) return request;
  const form = new URLSearchParams(url.searchParams);
  for (const [name, value] of new URLSearchParams(await request.text())) form.append(name, value);
  const headers = { authorization: request.headers.get("authorization") ?? "" };
  return new Request(url.origin + url.pathname, { method: "POST", headers, body: form });
}

// The emulator's plugin is one shared object, found through the module that loads it. Taking part in
// its registration is the only way to its list of webhooks.
const apiUrl = import.meta.resolve("emulate");
const loader = /import\("(\.\/[^"]+)"\);\s*return \{ plugin: mod\.slackPlugin/;
const found = loader.exec(await readFile(new URL(apiUrl), "utf8"));
if (!found) throw new Error("launch.mjs knows emulate 0.12.2; this is another version");
const { slackPlugin, getSlackStore } = await import(new URL(found[1], apiUrl).href);

let internals;
const register = slackPlugin.register;
slackPlugin.register = (app, store, webhooks, baseUrl, ...rest) => {
  // "localhost" may also be ::1, where nothing listens; permalinks and upload addresses use this.
  const address = baseUrl.replace("//localhost:", "//127.0.0.1:");
  register(app, store, webhooks, address, ...rest);
  const answer = app.fetch;
  app.fetch = async (request) => answer(await asPost(request));
  app.post("/launcher/events", async (c) => {
    sendEventsTo(webhooks, new URLSearchParams(await c.req.text()).get("url"));
    return c.json({ ok: true });
  });
  app.get("/launcher/deliveries", (c) => c.json(webhooks.getDeliveries()));
  internals = { app, store, webhooks, address };
};

function sendEventsTo(webhooks, url) {
  for (const { id } of webhooks.getSubscriptions("slack")) webhooks.unregister(id);
  if (url) webhooks.register({ url, events: ["*"], active: true, owner: "slack" });
}

const emulator = await createEmulator({ service: "slack", port: Number(options.port), seed });
const { app, store, webhooks, address } = internals;

async function call(method, token, args) {
  const headers = { authorization: `Bearer ${token}` };
  const init = { method: "POST", headers, body: new URLSearchParams(args) };
  const answer = await (await app.request(`/api/${method}`, init)).json();
  if (!answer.ok) throw new Error(`${method}: ${answer.error}`);
}

const idOf = (name) => getSlackStore(store).users.all().find((user) => user.name === name).user_id;
const channelOf = (name) => getSlackStore(store).channels.findOneBy("name", name).channel_id;

// Before the events' address is known, so that the invitation itself is not news.
await call("conversations.invite", tokenOf(PEOPLE[0].name), {
  channel: channelOf(CHANNELS[0].name),
  users: BOT.user_id,
});
sendEventsTo(webhooks, options.events);

async function stop() {
  await emulator.close();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.stdin.on("end", stop).on("error", stop).resume();

console.log(
  JSON.stringify({
    url: address,
    bot: { token: BOT_TOKEN, user: BOT.user_id },
    people: PEOPLE.map(({ name, display_name, title }) => ({
      id: idOf(name),
      name: display_name,
      title,
      token: tokenOf(name),
    })),
    channels: Object.fromEntries(CHANNELS.map(({ name }) => [name, channelOf(name)])),
  }),
);
