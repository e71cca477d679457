using System.Diagnostics;

namespace Clearway.Chat;

/// <summary>The service's own spans.</summary>
internal static class ChatActivities
{
    public static readonly ActivitySource Source = new("Clearway.Chat");
}
