import { createFileRoute } from "@tanstack/react-router";
import { QualityPage } from "@/features/quality/quality-page";
import { qualityOptions } from "@/features/quality/queries";

export const Route = createFileRoute("/_shell/customers/quality")({
  loader: ({ context }) => void context.queryClient.prefetchQuery(qualityOptions),
  component: QualityPage,
});
