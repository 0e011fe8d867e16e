import { expect } from "chai";
import sinon from "sinon";
import { causes as knownCauses } from "./catalog/causes.ts";
import { catalog, entryOf, extraCatalog, parts } from "./catalog.ts";
import { ALL_SUITES } from "./suites.ts";

interface DeclaredTest {
	id: string;
	suite: string;
}

/** The tests that the suites declare, found by listening in place of Mocha. */
async function declaredTests(): Promise<DeclaredTest[]> {
	const declared: DeclaredTest[] = [];
	let suite = "";
	const mocha = sinon.createSandbox();
	mocha.replace(globalThis, "describe", ((title: string, body: () => void) => {
		suite = title;
		body();
	}) as unknown as Mocha.SuiteFunction);
	mocha.replace(globalThis, "it", ((id: string) => declared.push({ id, suite })) as unknown as Mocha.TestFunction);
	try {
		// A module runs once per address: with this one of its own, it does so here even if it has been loaded before.
		for (const { name } of ALL_SUITES) await import(`./${name.toLowerCase()}.ts?declared`);
	} finally {
		mocha.restore();
	}
	return declared;
}

const ALL = [...catalog, ...extraCatalog];

describe("the catalogue", () => {
	let declared: DeclaredTest[];

	before(async () => {
		declared = await declaredTests();
	});

	it("names the tests that the suites declare, in the same order", () => {
		expect(declared.map(({ id }) => id)).to.deep.equal(ALL.map(({ id }) => id));
	});

	it("puts each test into the part whose suite declares it", () => {
		for (const { id, suite } of declared) {
			const part = parts.find(({ part }) => part === entryOf(id)?.part);
			expect(suite, id).to.equal(`${part?.part}: ${part?.title}`);
		}
	});

	it("has 28 tests worth 100 points", () => {
		expect(catalog).to.have.lengthOf(28);
		expect(new Set(catalog.map(({ id }) => id)).size, "different names").to.equal(28);
		for (const { id, points } of catalog) expect(points, id).to.be.above(0);
		expect(catalog.reduce((sum, { points }) => sum + points, 0)).to.equal(100);
	});

	it("says something about every test", () => {
		for (const { id, title, story, paper, causes, aims = [] } of ALL) {
			for (const text of [title, story, paper, ...causes]) expect(text.trim(), id).to.equal(text).and.not.equal("");
			for (const sentence of [story, ...causes]) expect(sentence, id).to.match(/\.$/);
			for (const aim of aims) expect(knownCauses, id).to.have.property(aim);
			expect(causes.length, `${id}: causes`).to.be.within(2, 5);
			expect(new Set(causes).size, `${id}: different causes`).to.equal(causes.length);
			expect(paper, id).to.match(/§|figure/);
		}
	});

	it("knows no test of another name", () => {
		expect(entryOf("Figure9")).to.equal(undefined);
	});
});
