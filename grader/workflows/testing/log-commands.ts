/** The commands that GitHub would obey in a step's log: lines that begin with `::name`, but for those between `::stop-commands::` and its end. */
export function obeyedCommands(log: string): string[] {
	const obeyed: string[] = [];
	let token: string | undefined;
	for (const line of log.split("\n").map((text) => text.trim())) {
		const stop = /^::stop-commands::(.+)$/.exec(line);
		if (token !== undefined) {
			if (line === `::${token}::`) token = undefined;
		} else if (stop?.[1] !== undefined) {
			token = stop[1];
		} else if (/^::[a-z-]+( |::)/.test(line)) {
			obeyed.push(line);
		}
	}
	return obeyed;
}
