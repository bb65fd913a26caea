import { createFileRoute } from "@tanstack/react-router";
import { RecallList } from "@/features/recalls/recall-list";

export const Route = createFileRoute("/_shell/recalls/")({ component: RecallList });
