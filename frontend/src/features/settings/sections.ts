/** The sections of the settings, in the order of the list. */
export const sections = ["business", "stores", "people", "security", "senders", "notices", "assessment", "tokens"] as const;
export type Section = (typeof sections)[number];

export const isSection = (value: unknown): value is Section => sections.includes(value as Section);

/** What one must be allowed to read for a section to be listed; one's own sign-in always is. */
export const scopeOf: Record<Section, string | null> = {
  business: "stores:read",
  stores: "stores:read",
  people: "identity:read",
  security: null,
  senders: "messages:read",
  notices: "consents:read",
  assessment: "consents:read",
  tokens: "identity:read",
};
