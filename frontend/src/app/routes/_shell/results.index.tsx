import { createFileRoute } from "@tanstack/react-router";
import { ResultsIndex } from "@/features/results/results-index";

export const Route = createFileRoute("/_shell/results/")({ component: ResultsIndex });
