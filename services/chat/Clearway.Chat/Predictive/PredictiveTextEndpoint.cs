using System.Diagnostics;
using Clearway.Chat.V1;
using Grpc.Core;

namespace Clearway.Chat.Predictive;

/// <summary>Answers completions. What was typed stays here: it is neither logged, nor traced, nor stored.</summary>
internal sealed class PredictiveTextEndpoint(PredictiveText text, ChatMetrics metrics) : PredictiveTextService.PredictiveTextServiceBase
{
    /// <summary>Longest line, in UTF-16 code units.</summary>
    public const int LongestLine = 200;

    private const int DefaultLimit = 3;

    public override Task<CompleteResponse> Complete(CompleteRequest request, ServerCallContext context)
    {
        if (request.Prefix.Length > LongestLine)
        {
            throw Refusal.PrefixTooLong.ToException();
        }

        if (request.Limit is < 0 or > WordIndex.MaxCompletions)
        {
            throw Refusal.LimitInvalid.ToException();
        }

        var started = Stopwatch.GetTimestamp();
        var response = new CompleteResponse();
        response.Suggestions.Add(text.Complete(request.Prefix, request.Limit == 0 ? DefaultLimit : request.Limit));
        metrics.Completed(Stopwatch.GetElapsedTime(started), found: response.Suggestions.Count > 0);
        return Task.FromResult(response);
    }
}
