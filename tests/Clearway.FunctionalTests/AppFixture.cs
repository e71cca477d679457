using Clearway.TestApp;

// One application at a time: two cores hold one well, and timing tells more when it runs alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Clearway.FunctionalTests;

/// <summary>One running application for all tests of the collection; each test opens rooms of its own.</summary>
public sealed class AppFixture : IAsyncLifetime
{
    /// <summary>The running application.</summary>
    public ClearwayApp App { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => App = await ClearwayApp.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }

    /// <summary>A room with its organizer's REST client, signed in and with a room token.</summary>
    internal async Task<OrganizedRoom> OrganizeAsync(string title = "Stand-up")
    {
        var client = App.CreateClient();
        var organizer = new Guest(client);
        await organizer.SignInAsync("Ada");
        var links = await organizer.CreateRoomAsync(title);
        return new OrganizedRoom(client, links, await organizer.RedeemAsync(links.OrganizerInvitation, "Ada"));
    }

    /// <summary>A guest of the room with a REST client of their own.</summary>
    internal async Task<Session> InviteAsync(OrganizedRoom room, string name)
    {
        using var client = App.CreateClient();
        return await new Guest(client).RedeemAsync(room.Links.Invitation, name);
    }
}

/// <summary>A room, and its organizer's way into it.</summary>
internal sealed record OrganizedRoom(HttpClient Client, RoomLinks Links, Session Organizer) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}

/// <summary>Shares the running application among the tests.</summary>
[CollectionDefinition(nameof(AppCollection))]
public sealed class AppCollection : ICollectionFixture<AppFixture>;
