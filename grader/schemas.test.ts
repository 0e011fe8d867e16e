import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { publishedSchemas, toJsonSchema } from "./schemas.ts";

describe("the published schemas", () => {
	for (const published of publishedSchemas) {
		it(`${published.file} is what npm run schemas writes`, () => {
			const kept: unknown = JSON.parse(readFileSync(new URL(`../${published.file}`, import.meta.url), "utf8"));
			expect(kept).to.deep.equal(JSON.parse(JSON.stringify(toJsonSchema(published))));
		});

		it(`${published.file} is a schema`, () => {
			expect(new Ajv2020().validateSchema(toJsonSchema(published))).to.equal(true);
			expect(toJsonSchema(published)).to.include({ title: published.title, description: published.description });
		});
	}
});
