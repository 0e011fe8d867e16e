import { expect } from "chai";
import { raftGrade } from "../grader/testing/command.ts";
import { extraCatalog } from "./catalog.ts";

describe("part 2X", function () {
	this.timeout(300_000);

	it("is passed by the model solution, in a calm and in a race schedule of each test", async () => {
		const { code, stdout } = await raftGrade(["2X", "--target", "reference", "--race-repeat", "2", "--seed", "2c"]);
		for (const { id } of extraCatalog) expect(stdout).to.match(new RegExp(`^${id} +2/2 `, "m"));
		expect(code).to.equal(0);
	});
});
