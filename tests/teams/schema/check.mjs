// Reads a manifest from standard input, and writes what Microsoft's schema finds wrong with it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Ajv = require("ajv-draft-04");
const folder = new URL("node_modules/@microsoft/app-manifest/build/json-schemas/", import.meta.url);
const made = JSON.parse(readFileSync(0, "utf8"));
const schema = new URL(`teams/v${made.manifestVersion}/MicrosoftTeams.schema.json`, folder);
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const good = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
good(made);
process.stdout.write(JSON.stringify((good.errors ?? []).map((e) => `${e.instancePath} ${e.message}`)));
