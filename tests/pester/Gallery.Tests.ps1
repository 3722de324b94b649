# The page of pictures: from what it is made, where it goes, and that it never takes another file's place by itself.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor
    Enter-Folder
    $fox = New-AIImage 'a <b>fox</b>' -Provider Demo -Size 64x64 -Name fox -Seed 7
    $night = $fox | Edit-AIImage -Prompt 'at night' -Provider Demo -Name night
    $paid = New-AIImage 'a hare' -Provider BFL -Size 64x64 -Count 2 -Name hare

    function Get-Card([string] $Page) {
        [regex]::Matches((Get-Content -Raw $Page), 'class="prompt"[^>]*>([^<]*)<') | ForEach-Object { [Net.WebUtility]::HtmlDecode($_.Groups[1].Value) }
    }
}

AfterAll {
    Pop-Location
    Disconnect-Vendor
}

Describe 'Export-AIImageGallery' {
    AfterEach { Remove-Item *.html }

    It 'shows the records of the folder, the newest first, and gives the file' {
        $page = Export-AIImageGallery

        $page | Should -BeOfType System.IO.FileInfo
        $page.FullName | Should -Be (Join-Path $PWD.ProviderPath gallery.html)
        Get-Card gallery.html | Should -Be 'a hare', 'a hare', 'at night', 'a <b>fox</b>'
        $text = Get-Content -Raw gallery.html
        $text | Should -Not -Match '<b>fox'
        $text | Should -Match "<b>$($paid.Cost) USD</b>"
        $text | Should -Match 'made from <a href="#p4">'
        $text | Should -Match 'seed 7'
        Get-ChildItem -Filter *.tmp | Should -BeNullOrEmpty
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'results'; Call = { $fox, $night | Export-AIImageGallery page.html }; Cards = 'a <b>fox</b>', 'at night' }
        @{ Name = 'tasks'; Call = { Get-AIImageTask | Where-Object Provider -EQ BFL | Export-AIImageGallery page.html }; Cards = 'a hare', 'a hare' }
        @{ Name = 'results that came from elsewhere'; Call = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($night, 4)) | Export-AIImageGallery page.html }; Cards = @('at night') }
        @{ Name = 'files, with what the records say of them'; Call = { Get-Item fox.png | Export-AIImageGallery page.html }; Cards = @('a <b>fox</b>') }
        @{ Name = 'paths with wildcards'; Call = { 'hare*' | Export-AIImageGallery page.html }; Cards = 'a hare', 'a hare' }
        @{ Name = 'files that no record knows'; Call = { Copy-Item fox.png stray.png; Get-Item stray.png | Export-AIImageGallery page.html; Remove-Item stray.png }; Cards = @('stray.png') }
    ) {
        & $Call
        Get-Card page.html | Should -Be $Cards
    }

    It 'shows another folder, under its name or a title' {
        Export-AIImageGallery -Path sub/page.html -OutputDirectory . -Title 'Foxes & hares' -ThumbnailSize 64
        $text = Get-Content -Raw sub/page.html

        $text | Should -Match '<title>Foxes &amp; hares</title>'
        $text | Should -Match 'href="\.\./fox\.png"'
        Remove-Item -Recurse sub
    }

    It 'writes over nothing, unless it is told to' {
        Set-Content page.html 'mine'
        $failure = Get-Failure { Export-AIImageGallery page.html }

        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-Force*'
        Get-Content page.html | Should -Be 'mine'
        Export-AIImageGallery page.html -Force | Should -Not -BeNullOrEmpty
        Get-Card page.html | Should -HaveCount 4
    }

    It 'writes nothing with -WhatIf' {
        Export-AIImageGallery page.html -WhatIf | Should -BeNullOrEmpty
        'page.html' | Should -Not -Exist
    }

    It 'says so where there is nothing to show' {
        $empty = New-Item -ItemType Directory empty
        (Get-Failure { Export-AIImageGallery page.html -OutputDirectory $empty }).FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        (Get-Failure { $null | Export-AIImageGallery page.html }).FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        (Get-Failure { Export-AIImageGallery $empty }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
        'page.html' | Should -Not -Exist
    }
}
