import { expect } from "chai";
import { inShard, parseShard } from "./shard.ts";
import { UsageError } from "./usage-error.ts";

describe("shards", () => {
	it("are read as which of how many", () => {
		expect(parseShard("2/4")).to.deep.equal({ index: 2, count: 4 });
		expect(parseShard(" 10/12 ")).to.deep.equal({ index: 10, count: 12 });
		expect(parseShard("1/1")).to.deep.equal({ index: 1, count: 1 });
	});

	it("are refused with what is wrong", () => {
		for (const text of ["", "2", "2 of 4", "2/", "-1/4", "1.5/4", "1/4/2", "1/1e3"]) {
			expect(() => parseShard(text), text).to.throw(UsageError, `"${text}" is not a shard: give which of how many`);
		}
		expect(() => parseShard("0/4")).to.throw(UsageError, "counted from 1");
		expect(() => parseShard("5/4")).to.throw(UsageError, "there is no number 5 of 4");
		expect(() => parseShard("1/0")).to.throw(UsageError, "there is no number 1 of 0");
	});

	it("deal out the runs in turn, each to one share", () => {
		const shares = [1, 2, 3].map((index) => [0, 1, 2, 3, 4, 5, 6].filter((run) => inShard(run, { index, count: 3 })));
		expect(shares).to.deep.equal([
			[0, 3, 6],
			[1, 4],
			[2, 5],
		]);
	});
});
