using System.Diagnostics;
using Clearway.Chat.History;
using Clearway.Chat.V1;
using Grpc.Core;

namespace Clearway.Chat.Predictive;

/// <summary>Predictive text over gRPC. What was typed stays here: it is neither logged, nor traced, nor stored.</summary>
internal sealed class PredictiveTextEndpoint(
    PredictiveText text,
    WordLearning learning,
    ChatMetrics metrics,
    ILogger<PredictiveTextEndpoint> logger) : PredictiveTextService.PredictiveTextServiceBase
{
    /// <summary>Longest line, in UTF-16 code units.</summary>
    public const int LongestLine = 200;

    private const int DefaultLimit = 3;

    /// <summary>A well-formed room id, where only the tenant's is asked for.</summary>
    private const string AnyRoom = "any";

    public override Task<CompleteResponse> Complete(CompleteRequest request, ServerCallContext context) => Task.FromResult(Answer(request));

    public override async Task CompleteEach(
        IAsyncStreamReader<CompleteRequest> requestStream,
        IServerStreamWriter<CompleteResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(Answer(requestStream.Current), context.CancellationToken);
        }
    }

    public override async Task<ForgetWordsResponse> ForgetWords(ForgetWordsRequest request, ServerCallContext context)
    {
        var wholeTenant = request.Room.Length == 0;
        if (RoomKey.Check(request.Tenant, wholeTenant ? AnyRoom : request.Room, out _) is { } refusal)
        {
            throw refusal.ToException();
        }

        if (request.Word.Length > Letters.LongestWord)
        {
            throw Refusal.WordInvalid.ToException();
        }

        var word = request.Word.Length == 0 ? null : request.Word;
        await learning.ForgetAsync(
            spoken =>
            {
                if (wholeTenant)
                {
                    spoken.ForgetTenant(request.Tenant, word);
                }
                else
                {
                    spoken.ForgetRoom(new RoomScope(request.Tenant, request.Room), word);
                }
            },
            context.CancellationToken);
        ChatLog.WordsForgotten(logger, wholeTenant, word is not null);
        return new ForgetWordsResponse();
    }

    private CompleteResponse Answer(CompleteRequest request)
    {
        if (request.Prefix.Length > LongestLine)
        {
            throw Refusal.PrefixTooLong.ToException();
        }

        if (request.Limit is < 0 or > WordIndex.MaxCompletions)
        {
            throw Refusal.LimitInvalid.ToException();
        }

        RoomScope? room = null;
        if (request.Tenant.Length > 0 || request.Room.Length > 0)
        {
            if (RoomKey.Check(request.Tenant, request.Room, out _) is { } refusal)
            {
                throw refusal.ToException();
            }

            room = new RoomScope(request.Tenant, request.Room);
        }

        var started = Stopwatch.GetTimestamp();
        var prediction = text.Predict(request.Prefix, request.Limit == 0 ? DefaultLimit : request.Limit, room);
        metrics.Completed(Stopwatch.GetElapsedTime(started), found: prediction.Words.Count > 0);
        return new CompleteResponse { Suggestions = { prediction.Words }, Replaced = prediction.Replaced };
    }
}
