using Clearway.ServiceDefaults;

namespace Clearway.Storage.Links;

/// <summary>Registers download links and system messages.</summary>
internal static class LinkRegistration
{
    private const int MinKeyLength = 32;

    public static void AddLinks(this IHostApplicationBuilder builder)
    {
        builder.RequireSecret(LinkOptions.KeyName, MinKeyLength);
        builder.RequireSecret(SystemMessageOptions.KeyName, MinKeyLength);
        builder.Services.AddOptions<LinkOptions>().BindConfiguration(LinkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<SystemMessageOptions>().BindConfiguration(SystemMessageOptions.Section);
        builder.Services.AddSingleton<StorageKey>();
        builder.Services.AddSingleton<DownloadLinks>();
        builder.Services.AddSingleton<UploadKeys>();
        builder.Services.AddSingleton<SystemMessages>();
    }
}
