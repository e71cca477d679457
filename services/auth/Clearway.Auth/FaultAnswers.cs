namespace Clearway.Auth;

/// <summary>Answers of requests that failed by a fault of ours, and what holds for all others.</summary>
internal static class FaultAnswers
{
    /// <summary>An exception becomes <c>internal</c>, logged with the trace; nothing of it is told. No answer is kept by a cache unless it says so.</summary>
    public static void UseProblemsForFaults(this WebApplication app)
    {
        app.UseExceptionHandler(fault => fault.Run(Refusal.Internal.ExecuteAsync));
        app.Use((context, next) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
    }
}
