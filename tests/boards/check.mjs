// Prints, as JSON, what the schema of JSON Feed 1.1 says against the feed on standard input.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import schema from "jsonfeed-schema/v1.1.js";

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
const check = ajv.compile(schema);
check(JSON.parse(readFileSync(0, "utf8")));
console.log(JSON.stringify(check.errors ?? []));
