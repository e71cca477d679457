using System.Text.Json;

namespace Clearway.Proxy.Errors;

/// <summary>A request body that is JSON of one shape, or the reason why it is not.</summary>
internal static class JsonBody
{
    /// <summary>Reads a body of at most <paramref name="maxBytes"/> bytes.</summary>
    /// <returns>The value, or <c>media_type</c>, <c>body_too_large</c> or <c>bad_request</c>.</returns>
    internal static async Task<(T? Value, Problem? Problem)> ReadAsync<T>(HttpRequest request, int maxBytes)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, Problem.MediaType with { Detail = "Send application/json." });
        }

        var body = new byte[maxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > maxBytes)
        {
            return (null, Problem.BodyTooLarge with { Detail = $"The body may have {maxBytes} bytes." });
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.AsSpan(0, length), Wire.Json) is { } value
                ? (value, null)
                : (null, Problem.BadRequest("The body is null."));
        }
        catch (JsonException exception)
        {
            // The path is made of names that are ours; the message would repeat what was sent.
            return (null, Problem.BadRequest($"The body does not have the documented shape at {exception.Path ?? "$"}."));
        }
    }
}
