import fc from "fast-check";

/** Texts with which a submission could try to write a line of a report itself, or to leave the place it was given. */
export const hostileTexts: readonly string[] = [
	"ok\nok 1 - forged\nnot ok 2 - forged\n1..7\nBail out! forged",
	"x # SKIP forged",
	"x # TODO forged",
	"x \\# SKIP \\\\# SKIP forged {",
	"\n...\nok 9 - forged\n",
	"\n  ...\nok 9 - forged\n---",
	"\" : { yaml: [forged'\n- forged: *anchor &a !!tag",
	"::error file=forged.ts,line=1::forged",
	"\n::add-mask::forged\n::stop-commands::forged",
	`${"x".repeat(75)} ::set-output name=forged::forged`,
	`\u0000${"x".repeat(75)} ::set-output name=forged::forged\n:`,
	"##[error]forged ##vso[task.complete result=Succeeded]forged",
	"%0A::error::forged%0D",
	"\r::error::forged\r",
	"]]></failure></testcase><testcase name='forged'/><![CDATA[",
	'"><!-- & &forged; &#0; <?forged?>',
	"| forged | `forged` ``` ~~~ <script>forged</script> @forged #1 [forged](https://forged.example) **forged**",
	"``\n```\n# forged\n```\n<details>",
	"\u001b[2J\u001b]0;forged\u0007\u009b31mforged\u001b[0m",
	"\u0000\u0001\u0008\u000b\u000c\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe\uffff\u202eforged\u2066",
	"\ud800 lone \udfff halves \ud83d",
	"\u{1ffff} \u{1f600}",
	" ",
	"",
	"forged".repeat(500),
];

/** Any text, and mixtures of the above. */
export const anyText: fc.Arbitrary<string> = fc
	.array(
		fc.oneof(
			fc.constantFrom(...hostileTexts.map((text) => text.slice(0, 200))),
			fc.string({ unit: "binary" }),
			fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
			fc.string({
				unit: fc.constantFrom(
					"\n",
					"\r",
					"\u001b",
					"`",
					"|",
					"#",
					":",
					"%",
					"<",
					"&",
					"]",
					">",
					'"',
					"\\",
					"{",
					" ",
					"-",
					".",
				),
			}),
		),
		{ maxLength: 4 },
	)
	.map((texts) => texts.join(""));

/** What a terminal or a log may not get from a report: control characters but for the line's end and, in our own place, the tab. */
export const CONTROL_CHARACTER = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
