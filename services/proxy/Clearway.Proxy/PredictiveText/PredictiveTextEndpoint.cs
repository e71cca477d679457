using System.Globalization;
using System.Text.Json.Serialization;
using Clearway.Auth.V1;
using Clearway.Chat.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;
using Grpc.Core;

namespace Clearway.Proxy.PredictiveText;

/// <summary><c>GET /api/v1/t9</c>: completions of the word being typed. What is typed is neither logged nor traced.</summary>
internal static class PredictiveTextEndpoint
{
    private const int MaxPrefixLength = 200;
    private const int MaxSuggestions = 10;
    private const int DefaultSuggestions = 3;

    /// <summary>After this the line goes on without a suggestion.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(300);

    internal static void AddPredictiveText(this IHostApplicationBuilder builder)
    {
        var address = builder.Configuration.GetServiceAddress("chat", "grpc");
        builder.Services.AddGrpcClient<PredictiveTextService.PredictiveTextServiceClient>(client => client.Address = address);
    }

    internal static void MapPredictiveText(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/t9", CompleteAsync).RequireRoomToken();
        endpoints.MapPost("/api/v1/t9/forget", ForgetWordsEndpoint.ForgetAsync).RequireRoomToken(Role.Organizer, Role.Moderator);
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext context,
        PredictiveTextService.PredictiveTextServiceClient predictions,
        TimeProvider time)
    {
        var prefix = context.Request.Query["prefix"];
        if (prefix is not [{ Length: <= MaxPrefixLength } typed])
        {
            return Problem.BadRequest($"prefix is needed once, with at most {MaxPrefixLength} characters.").ToResult();
        }

        var limit = DefaultSuggestions;
        if (context.Request.Query["limit"] is { Count: > 0 } text
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxSuggestions))
        {
            return Problem.BadRequest($"limit is 1 to {MaxSuggestions}.").ToResult();
        }

        context.Response.Headers.CacheControl = "no-store";
        var claims = context.RoomClaims();
        try
        {
            var answer = await predictions.CompleteAsync(
                new CompleteRequest { Prefix = typed, Limit = limit, Tenant = claims.Tenant, Room = claims.Room },
                deadline: time.GetUtcNow().UtcDateTime + Deadline,
                cancellationToken: context.RequestAborted);
            return Wire.ToJson(Completion.Of(answer.Suggestions, answer.Replaced));
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Unavailable)
        {
            return Wire.ToJson(Completion.Of([], 0));
        }
    }
}

/// <summary>
/// Answer of the endpoint; <see cref="Suggestion"/> is written as null when there is none. A suggestion stands in for the last
/// <see cref="Replaced"/> UTF-16 code units of what was typed.
/// </summary>
internal sealed record Completion(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Suggestion,
    IReadOnlyList<string> Suggestions,
    bool IsFound,
    int Replaced)
{
    internal static Completion Of(IReadOnlyList<string> words, int replaced) =>
        new(words.Count > 0 ? words[0] : null, words, words.Count > 0, replaced);
}
