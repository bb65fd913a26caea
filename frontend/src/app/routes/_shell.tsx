import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { meOptions, useMe } from "@/api/me";
import { Problem } from "@/api/problem";
import { Shell } from "@/app/shell";
import { FormatsProvider } from "@/lib/formats";

export const Route = createFileRoute("/_shell")({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meOptions);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) throw redirect({ to: "/sign-in", search: { next: location.href } });
      throw error;
    }
  },
  component: ShellRoute,
});

function ShellRoute() {
  const me = useMe();
  return (
    <FormatsProvider timezone={me.business.timezone}>
      <Shell>
        <Outlet />
      </Shell>
    </FormatsProvider>
  );
}
