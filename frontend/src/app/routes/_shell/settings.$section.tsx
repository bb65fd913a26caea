import { createFileRoute, notFound } from "@tanstack/react-router";
import { type Section, isSection } from "@/features/settings/sections";
import { SettingsPage } from "@/features/settings/settings-page";

export const Route = createFileRoute("/_shell/settings/$section")({
  params: {
    parse: ({ section }): { section: Section } => {
      if (!isSection(section)) throw notFound();
      return { section };
    },
    stringify: ({ section }) => ({ section }),
  },
  component: SettingsRoute,
});

function SettingsRoute() {
  const { section } = Route.useParams();
  return <SettingsPage section={section} />;
}
