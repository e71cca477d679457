using System.Globalization;
using System.Text;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary>Who spoke when: told by whoever records, read as chapters by whoever has a link.</summary>
internal sealed class RecordingChapters(RecordingClient storage, TimeProvider time)
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary><c>POST /api/v1/records/{id}/speech</c></summary>
    internal async Task<IResult> AddAsync(string id, HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewSpeech>(context.Request, MaxBodyBytes);
        if (body is null)
        {
            return problem!.ToResult();
        }

        if (body.Speech is not { Count: > 0 and <= 100 } turns || turns.Any(turn => turn is null))
        {
            return Problem.BadRequest("speech has 1 to 100 turns.").ToResult();
        }

        var request = new AddSpeechRequest { Id = id, Access = context.StorageAccess() };
        request.Speech.AddRange(turns.Select(turn =>
            new Speech { Participant = turn!.ParticipantId, Name = turn.Name, StartMs = turn.StartMs, EndMs = turn.EndMs }));
        await storage.AddSpeechAsync(request, deadline: Until(Deadline), cancellationToken: context.RequestAborted);
        return Results.NoContent();
    }

    /// <summary><c>GET /api/v1/records/{id}/chapters</c> with a link's query.</summary>
    internal async Task<IResult> ReadAsync(string id, HttpContext context) => await AskAsync(id, context) is { } answer
        ? Wire.ToJson(new ChapterList(
            RecordingBody.Of(answer.Recording),
            [.. answer.Chapters.Select(chapter => new Turn(chapter.Participant, chapter.Name, chapter.StartMs, chapter.EndMs))]))
        : Problem.LinkRefused.ToResult();

    /// <summary><c>GET /api/v1/records/{id}/chapters.vtt</c> with a link's query: WebVTT, for a player's <c>track</c> of kind <c>chapters</c>.</summary>
    internal async Task<IResult> ReadVttAsync(string id, HttpContext context)
    {
        if (await AskAsync(id, context) is not { } answer)
        {
            return Problem.LinkRefused.ToResult();
        }

        var file = new StringBuilder("WEBVTT\n");
        foreach (var chapter in answer.Chapters)
        {
            file.Append(CultureInfo.InvariantCulture, $"\n{Timestamp(chapter.StartMs)} --> {Timestamp(chapter.EndMs)}\n{Escaped(chapter.Name)}\n");
        }

        return Results.Text(file.ToString(), "text/vtt", Encoding.UTF8);
    }

    /// <summary>A cue's text: nothing in a name is markup, ends a cue or begins one (W3C WebVTT section 4.1).</summary>
    internal static string Escaped(string name) =>
        name.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Timestamp(long milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time:mm\\:ss\\.fff}");
    }

    private async Task<GetChaptersResponse?> AskAsync(string id, HttpContext context)
    {
        if (LinkQuery.Read(context) is not { } link)
        {
            return null;
        }

        var request = new GetChaptersRequest
        {
            Id = id,
            Expires = link.Expires,
            Signature = link.Signature,
            Network = link.Network,
            Address = link.Address,
        };
        var answer = await storage.GetChaptersAsync(request, deadline: Until(Deadline), cancellationToken: context.RequestAborted);
        context.Response.Headers.CacheControl = "private, no-cache";
        return answer;
    }

    private DateTime Until(TimeSpan deadline) => time.GetUtcNow().UtcDateTime + deadline;

    private sealed record NewSpeech(IReadOnlyList<Turn?> Speech);

    private sealed record Turn(string ParticipantId, string Name, long StartMs, long EndMs);

    private sealed record ChapterList(RecordingBody Recording, IReadOnlyList<Turn> Chapters);
}
