/** Options whose value is optional, and must stand behind an equals sign: else `--trace 2A` would take 2A for a file. */
const OPTIONAL_VALUES: ReadonlySet<string> = new Set(["--trace", "--around"]);

/** The arguments, so that commander takes none for the value of an option before it that needs none. */
export function withoutGreed(args: readonly string[]): string[] {
	// There, --trace takes no value.
	if (args[0] === "class") return [...args];
	const end = args.indexOf("--");
	return args.map((arg, i) => (OPTIONAL_VALUES.has(arg) && (end < 0 || i < end) ? `${arg}=` : arg));
}
