import { expect } from "chai";
import { Realm } from "./fixture.ts";

// The fake core's chance counts up in sixteenths, so all that is drawn from it can be foretold.
describe("crypto", () => {
	it("draws from the machine's own chance, and nowhere else", () => {
		const realm = new Realm();
		expect(realm.run(`return [...require("node:crypto").randomBytes(6)]`)).to.deep.equal([0, 0, 0, 0, 0, 0]);
		expect(realm.raw("core.draws()")).to.equal(2);
		expect(realm.run(`return [require("crypto").randomInt(160), require("crypto").randomInt(100, 260)]`)).to.deep.equal(
			[20, 130],
		);
		expect(realm.run("return [...crypto.getRandomValues(new Uint16Array(2))]")).to.deep.equal([0, 0x4000]);
		expect(realm.raw("core.draws()")).to.equal(5);
	});

	it("gives the same again to a machine with the same chance", () => {
		const ids = [new Realm(), new Realm()].map((realm) =>
			realm.run("return [crypto.randomUUID(), crypto.randomUUID()]"),
		);
		expect(ids[0]).to.deep.equal(ids[1]);
		for (const id of ids[0] as string[])
			expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	});

	it("calls back later", () => {
		const realm = new Realm();
		expect(
			realm.settle(`
				const { randomBytes, randomInt, randomFill, randomFillSync } = require("crypto");
				const seen = [];
				const done = new Promise((resolve) => {
					randomBytes(2, (error, bytes) => seen.push(error, Buffer.isBuffer(bytes)));
					randomInt(5, (error, n) => seen.push(n));
					randomFill(new Uint8Array(4), 2, (error, bytes) => { seen.push(bytes.length); resolve(); });
				});
				seen.push("first", randomFillSync(Buffer.alloc(3)).length);
				await done;
				return seen;
			`),
		).to.deep.equal(["first", 3, null, true, 0, 4]);
	});

	it("refuses bad ranges, big requests, and what is no random number at all", () => {
		const realm = new Realm();
		expect(() => realm.run(`require("crypto").randomInt(5, 5)`)).to.throw('greater than the value of "min"');
		expect(() => realm.run(`require("crypto").randomInt("5")`)).to.throw("a safe integer");
		expect(() => realm.run("crypto.getRandomValues(new Uint8Array(65537))")).to.throw("exceeds 65536 bytes");
		expect(() => realm.run("crypto.getRandomValues(new Float32Array(1))")).to.throw("integer-type TypedArray");
		expect(() => realm.run(`require("crypto").createHash("sha256")`)).to.throw(
			"crypto.createHash() is not available on a simulated machine",
		);
		expect(() => realm.run("crypto.subtle.digest()")).to.throw("crypto.subtle is not available");
	});
});
