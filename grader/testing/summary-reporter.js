import Mocha from "mocha";

/** Mocha's spec reporter, and a last line that a CI can read: `N passed, N failed`. */
// biome-ignore lint/style/noDefaultExport: Mocha takes a reporter from a default export.
export default class SummaryReporter extends Mocha.reporters.Spec {
	epilogue() {
		super.epilogue();
		const { passes, failures, pending } = this.stats;
		const skipped = pending > 0 ? `, ${pending} skipped` : "";
		process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`);
	}
}
