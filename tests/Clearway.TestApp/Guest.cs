using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Clearway.TestApp;

/// <summary>A client of the REST API without a browser: signs in, creates rooms, redeems invitations.</summary>
/// <param name="client">A client for the proxy, see <see cref="ClearwayApp.CreateClient"/>.</param>
public sealed class Guest(HttpClient client)
{
    /// <summary>Signs in as an organizer; later calls carry the account's cookie.</summary>
    public async Task SignInAsync(string name)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/auth/sign-in", new { name, password = ClearwayApp.OrganizerPassword });
        response.EnsureSuccessStatusCode();
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        client.DefaultRequestHeaders.Add("Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
    }

    /// <summary>Creates a room of the account that is signed in.</summary>
    public async Task<RoomLinks> CreateRoomAsync(string title)
    {
        var room = await PostAsync("/api/v1/rooms", new { title });
        return new RoomLinks(Text(room, "room_id"), Text(room, "invitation"), Text(room, "organizer_invitation"));
    }

    /// <summary>Opens a session; later calls carry its room token.</summary>
    public async Task<Session> RedeemAsync(string invitation, string name)
    {
        var session = await PostAsync("/api/v1/invitations/redeem", new { invitation, name });
        var token = Text(session, "token");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new Session(Text(session, "participant_id"), Text(session, "room_id"), token);
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private async Task<JsonElement> PostAsync<T>(string path, T body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}

/// <summary>What creating a room gives.</summary>
public sealed record RoomLinks(string RoomId, string Invitation, string OrganizerInvitation);

/// <summary>What redeeming an invitation gives.</summary>
public sealed record Session(string ParticipantId, string RoomId, string Token);
