export const tabs = ["setup", "people", "rehearsal", "past", "results"] as const;
export type Tab = (typeof tabs)[number];

export const isTab = (value: unknown): value is Tab => tabs.includes(value as Tab);
