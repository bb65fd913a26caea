/** The sections of the settings, in the order of the list. */
export const sections = ["business", "stores", "people", "security", "senders", "notices", "assessment", "tokens"] as const;
export type Section = (typeof sections)[number];

export const isSection = (value: unknown): value is Section => sections.includes(value as Section);
