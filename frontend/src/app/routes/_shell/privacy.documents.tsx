import { createFileRoute } from "@tanstack/react-router";
import { DocumentList } from "@/features/accountability/document-list";

export const Route = createFileRoute("/_shell/privacy/documents")({ component: DocumentList });
