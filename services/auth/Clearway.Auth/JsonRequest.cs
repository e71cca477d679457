using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Clearway.Auth;

/// <summary>Requests with JSON bodies whose faults are answered with the codes of docs/rest-api.md.</summary>
internal static class JsonRequest
{
    private const int MaxBodyBytes = 16 * 1024;

    /// <summary>
    /// Takes <c>application/json</c> in UTF-8 only, up to 16 KiB. A form of another site can send no such request without the
    /// browser asking first, so this stands against forged requests even where the body is empty.
    /// </summary>
    public static RouteHandlerBuilder RequireJson(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
        .AddEndpointFilter(async (invocation, next) => IsJson(invocation.HttpContext.Request) ? await next(invocation) : Refusal.MediaType);

    /// <summary>Answers the body, or why it cannot be read.</summary>
    public static async Task<(T? Body, Refusal? Refusal)> ReadAsync<T>(this HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted) is { } body
                ? (body, null)
                : (null, Refusal.BadRequest("The body is null, and not an object."));
        }
        catch (JsonException failure)
        {
            // The path repeats names that the sender chose: nothing long is sent back.
            return (null, Refusal.BadRequest(failure.Path is { Length: > 1 and <= 32 } path
                ? $"The body is not the JSON object of this path: see {path}."
                : "The body is not the JSON object of this path."));
        }
        catch (BadHttpRequestException failure) when (failure.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Refusal.BodyTooLarge);
        }
        catch (BadHttpRequestException)
        {
            return (null, Refusal.BadRequest("The body could not be read."));
        }
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
