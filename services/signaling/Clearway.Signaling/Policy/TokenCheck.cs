using System.Diagnostics;
using Clearway.Auth.V1;
using Clearway.Signaling.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Policy;

/// <summary>Who a room token is for, with the ICE servers for them; or why it is refused.</summary>
internal readonly record struct TokenAnswer(Claims? Claims, IReadOnlyList<IceServer> IceServers, CloseReason? Refused)
{
    internal static TokenAnswer Refuse(CloseReason reason) => new(null, [], reason);
}

/// <summary>
/// What Auth says about who joins. Those who ask while a call is under way go together in the next one: alone nobody waits, and when whole
/// rooms join at once they cost few calls. A call is not taken back when a connection goes: many that come and go would be a flood of
/// resets, on which Auth closes the one connection that everybody's calls go over.
/// </summary>
internal sealed class TokenCheck(
    AuthService.AuthServiceClient auth, TimeProvider time, IOptions<SignalingOptions> options, ILogger<TokenCheck> logger)
{
    // What Auth takes in one call.
    private const int MaxRequests = 64;

    private sealed record Question(
        string Token, Activity? Span, long AskedAt, TaskCompletionSource<VerifyTokenResponse?> Answer, CancellationToken Gone);

    private readonly Lock _gate = new();
    private readonly Queue<Question> _waiting = []; // guarded by _gate
    private bool _isAsking; // guarded by _gate

    private DateTime Deadline => time.GetUtcNow().UtcDateTime + options.Value.AuthTimeout;

    /// <summary>Whose a room token is, or why it is refused. Without an answer of Auth in time nobody is let in.</summary>
    internal async Task<TokenAnswer> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(token, cancellationToken).WaitAsync(options.Value.AuthTimeout, time, cancellationToken);
            return answer?.OutcomeCase switch
            {
                null => TokenAnswer.Refuse(CloseReason.Unavailable),
                VerifyTokenResponse.OutcomeOneofCase.Claims when IsWhole(answer.Claims) =>
                    new TokenAnswer(answer.Claims, answer.IceServers?.IceServers ?? [], null),
                VerifyTokenResponse.OutcomeOneofCase.Refusal when answer.Refusal.Code == CloseReason.Unavailable.Code =>
                    TokenAnswer.Refuse(CloseReason.Unavailable),
                VerifyTokenResponse.OutcomeOneofCase.Refusal => TokenAnswer.Refuse(CloseReason.Token(answer.Refusal.Code)),
                _ => TokenAnswer.Refuse(CloseReason.Token("token_malformed")),
            };
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            // Nobody is there to be told, or Auth is late, which its calls log.
            return TokenAnswer.Refuse(CloseReason.Unavailable);
        }
    }

    private Task<VerifyTokenResponse?> AskAsync(string token, CancellationToken gone)
    {
        var question = new Question(
            token,
            Activity.Current,
            time.GetTimestamp(),
            new TaskCompletionSource<VerifyTokenResponse?>(TaskCreationOptions.RunContinuationsAsynchronously),
            gone);
        lock (_gate)
        {
            _waiting.Enqueue(question);
            if (_isAsking)
            {
                return question.Answer.Task;
            }

            _isAsking = true;
        }

        _ = AskAllAsync();
        return question.Answer.Task;
    }

    // Ends when nobody waits; fails never.
    private async Task AskAllAsync()
    {
        while (TakeWaiting() is { Count: > 0 } questions)
        {
            var answers = await CallAsync(questions);
            for (var i = 0; i < questions.Count; i++)
            {
                questions[i].Answer.SetResult(answers?[i]);
            }
        }
    }

    private List<Question> TakeWaiting()
    {
        lock (_gate)
        {
            var questions = new List<Question>(Math.Min(_waiting.Count, MaxRequests));
            while (questions.Count < MaxRequests && _waiting.TryDequeue(out var question))
            {
                if (IsAwaited(question))
                {
                    questions.Add(question);
                }
            }

            _isAsking = questions.Count > 0;
            return questions;
        }
    }

    // Who has gone, or was told that Auth does not answer, takes no place in a call from those who still wait.
    private bool IsAwaited(Question question) =>
        !question.Gone.IsCancellationRequested && time.GetElapsedTime(question.AskedAt) < options.Value.AuthTimeout;

    // Null when Auth does not answer.
    private async Task<IReadOnlyList<VerifyTokenResponse>?> CallAsync(List<Question> questions)
    {
        // The call is in the trace of the join that came first; each check is in that of its own.
        Activity.Current = questions[0].Span;
        var request = new VerifyTokensRequest();
        foreach (var question in questions)
        {
            request.Requests.Add(new VerifyTokenRequest
            {
                Token = question.Token,
                Audience = Audience.Room,
                WithIceServers = true,
                TraceParent = question == questions[0] ? "" : question.Span?.Id ?? "",
            });
        }

        try
        {
            var answer = await auth.VerifyTokensAsync(request, deadline: Deadline, cancellationToken: CancellationToken.None);
            if (answer.Responses.Count == questions.Count)
            {
                return answer.Responses;
            }

            Log.AuthDoesNotAnswer(logger, StatusCode.DataLoss, null);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait are refused and the next ones asked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AuthDoesNotAnswer(logger, (exception as RpcException)?.StatusCode ?? StatusCode.Unknown, exception);
        }

        return null;
    }

    /// <summary>
    /// Fresh ICE servers for somebody whose token was verified a while ago; none when Auth does not tell them, for many calls connect without.
    /// </summary>
    internal async Task<IReadOnlyList<IceServer>> IceServersAsync(Claims claims, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await auth.GetIceServersAsync(
                new GetIceServersRequest { Participant = claims.Subject, Tenant = claims.Tenant },
                deadline: Deadline,
                cancellationToken: CancellationToken.None).ResponseAsync.WaitAsync(cancellationToken);
            return answer.IceServers;
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (RpcException exception)
        {
            Log.NoIceServers(logger, exception.StatusCode, exception);
            return [];
        }
    }

    private static bool IsWhole(Claims claims) =>
        claims.Subject.Length is > 0 and <= ClientFrameReader.MaxIdCharacters
        && claims.Room.Length is > 0 and <= ClientFrameReader.MaxIdCharacters;
}
