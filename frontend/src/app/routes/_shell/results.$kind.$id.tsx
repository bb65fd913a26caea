import { createFileRoute, notFound } from "@tanstack/react-router";
import { ExportButton } from "@/features/exports/export-button";
import { ResultsPage } from "@/features/results/results-page";

export const Route = createFileRoute("/_shell/results/$kind/$id")({
  params: {
    parse: ({ kind, id }) => {
      if (kind !== "campaign" && kind !== "recall") throw notFound();
      return { kind, id } as { kind: "campaign" | "recall"; id: string };
    },
    stringify: ({ kind, id }) => ({ kind, id }),
  },
  component: ResultsRoute,
});

function ResultsRoute() {
  const { kind, id } = Route.useParams();
  return <ResultsPage kind={kind} id={id} exporting={<ExportButton kind="results" filters={{ subject_id: id }} />} />;
}
